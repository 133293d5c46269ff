from tests.media_library.storage_fixtures import (  # noqa: F401
    cloudinary_library,
    cloudinary_process,
    cloudinary_server,
    s3_environment,
    s3_keys,
    s3_library,
    s3_server,
)
