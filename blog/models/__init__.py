from blog.models.category import Category
from blog.models.content_page import ContentPage
from blog.models.event import EventPage
from blog.models.experiment import Experiment, ExperimentCounts
from blog.models.form import FormField, FormFile, FormPage
from blog.models.gallery import GalleryPage
from blog.models.index import BlogIndexPage
from blog.models.landing import LandingPage
from blog.models.person import Person
from blog.models.person_page import PersonPage
from blog.models.post import PostAuthor, PostPage, PostTag, RelatedPost
from blog.models.series import Series
from blog.models.settings import Menus, SiteSettings
from blog.models.sharing_account import SharingAccount
from blog.models.social_card import SocialCard
from blog.models.statistics import DailyPageViews, PageStatistics

__all__ = [
    "BlogIndexPage",
    "Category",
    "ContentPage",
    "DailyPageViews",
    "EventPage",
    "Experiment",
    "ExperimentCounts",
    "FormField",
    "FormFile",
    "FormPage",
    "GalleryPage",
    "LandingPage",
    "Menus",
    "PageStatistics",
    "Person",
    "PersonPage",
    "PostAuthor",
    "PostPage",
    "PostTag",
    "RelatedPost",
    "Series",
    "SharingAccount",
    "SiteSettings",
    "SocialCard",
]
