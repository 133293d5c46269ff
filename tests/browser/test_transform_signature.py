"""The Web Crypto example of docs/front-end.md, in an engine that has it: letter by letter as it stands there."""

from playwright.sync_api import Browser, Route

from tests.media_library.transforms.documentation import KEY, VECTORS, example

RUN = """async ([key, texts]) => {
  const { transformUrl } = await import('/example.js');
  const sign = (text) => {
    const [expires, picture, name] = text.split('/');
    const [id, revision] = picture.split('-');
    return transformUrl(key, { id, revision }, name, expires);
  };
  return Promise.all(texts.map(sign));
}"""


def test_web_crypto_signs_as_the_server_does(browser: Browser) -> None:
    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=example("web"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    texts = [text for text in VECTORS if "-" in text.split("/")[1]]
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*", answer)
        # Web Crypto is for secure contexts.
        page.goto("https://front.example/")
        assert page.evaluate(RUN, [KEY, texts]) == [f"/transform/{VECTORS[text]}/{text}" for text in texts]
