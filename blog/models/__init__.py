from blog.models.category import Category
from blog.models.index import BlogIndexPage
from blog.models.person import Person
from blog.models.post import PostPage, PostTag

__all__ = ["BlogIndexPage", "Category", "Person", "PostPage", "PostTag"]
