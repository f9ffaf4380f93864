"""An HTTP client for one caller."""

import httpx

from support import coverage


class Client(httpx.Client):
    """httpx.Client that knows its server and its caller's token.

    Paths are relative to the server; api("/users/me") is below /api/v1.
    """

    def __init__(self, url, token=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        super().__init__(
            base_url=url, headers=headers, timeout=30, trust_env=False, **options
        )

    def send(self, request, *, stream=False, **options):
        response = super().send(request, stream=stream, **options)
        if not stream:
            coverage.record(response)
        return response

    def api(self, path, method="GET", **request):
        return self.request(method, f"/api/v1{path}", **request)

    def get_api(self, path, **request):
        return self.api(path, "GET", **request)

    def post_api(self, path, body=None, **request):
        """POST ${body} as JSON; without one, a request without a body."""
        return self.api(path, "POST", **_with_json(body, request))

    def put_api(self, path, body=None, **request):
        return self.api(path, "PUT", **_with_json(body, request))

    def delete_api(self, path, **request):
        return self.api(path, "DELETE", **request)


def _with_json(body, request):
    return request if body is None else {"json": body, **request}
