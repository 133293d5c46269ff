from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.deprecation import MiddlewareMixin

from blog.redirects.lookup import move_from


class RedirectMiddleware(MiddlewareMixin):
    """Follows redirects where pages would be: for templates, and for addresses of a CMS that is only that now."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        match = request.resolver_match
        if response.status_code != 404 or (match is not None and match.url_name != "wagtail_serve"):
            return response
        move = move_from(request.get_full_path(), request)
        if move is None:
            return response
        answer = HttpResponsePermanentRedirect if move.redirect.is_permanent else HttpResponseRedirect
        return answer(move.location)
