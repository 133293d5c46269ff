"""TypeScript types of what ``/api/v2/`` serves, read from its views, serializers, page models and blocks."""
