"""The artifact proxy behind uvicorn, as a process of its own: python proxy_app.py <port> <destination> [<faults>].

`faults` is a folder; a file in it makes the server misbehave once, and is then removed:
    corrupt-part   a byte of the next part is changed before it is stored
    cut-download   the next download breaks off half way
    cut-part       the next part's connection is closed after its first bytes
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from mlflow.artifacts.pipeline import pump
from mlflow.artifacts.proxy import ArtifactProxy
from mlflow.artifacts.wire import API, EXTENSION, BundleStored, CompleteUpload, CreateUpload
from mlflow.exceptions import MlflowException


def build(destination: str, faults: Path | None) -> Starlette:
    proxy = ArtifactProxy.at(destination)

    def wanted(fault: str) -> bool:
        return faults is not None and (faults / fault).exists() and (faults / fault).unlink() is None

    def json(value: object) -> Response:
        return Response(msgspec.json.encode(value), media_type="application/json")

    async def listing(request: Request) -> Response:
        return json({"files": await run_in_threadpool(proxy.list, request.query_params.get("path"))})

    async def read(request: Request) -> Response:
        reply = await run_in_threadpool(
            proxy.read, request.path_params["path"], dict(request.headers.items()), request.method
        )
        if reply.body is None:
            return Response(status_code=reply.status, headers=reply.headers)
        blocks: Iterator[bytes] = iter(reply.body)
        return StreamingResponse(cut(blocks) if wanted("cut-download") else blocks, reply.status, reply.headers)

    def cut(blocks: Iterator[bytes]) -> Iterator[bytes]:
        for count, block in enumerate(blocks):
            if count == 12:
                raise ConnectionError("cut")
            yield block

    async def write(request: Request) -> Response:
        writer = await run_in_threadpool(proxy.writer, request.path_params["path"], dict(request.headers.items()))
        await pump(request.stream(), writer)
        return Response()

    async def delete(request: Request) -> Response:
        await run_in_threadpool(proxy.delete, request.path_params["path"])
        return json({})

    async def features(request: Request) -> Response:
        return json(proxy.features())

    async def create(request: Request) -> Response:
        return json(proxy.create_upload(msgspec.json.decode(await request.body(), type=CreateUpload)))

    async def state(request: Request) -> Response:
        return json(proxy.upload(request.path_params["id"]))

    async def put_part(request: Request) -> Response:
        headers = dict(request.headers.items())
        writer = proxy.part_writer(request.path_params["id"], request.path_params["number"], headers)
        body = request.stream()
        if wanted("corrupt-part"):
            body = corrupted(body)
        if wanted("cut-part"):
            body = broken(body)
        return json(await pump(body, writer))

    async def corrupted(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        first = True
        async for chunk in body:
            yield b"?" + chunk[1:] if first and chunk else chunk
            first = first and not chunk

    async def broken(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for chunk in body:
            yield chunk
            raise ConnectionError("cut")

    async def complete(request: Request) -> Response:
        body = msgspec.json.decode(await request.body(), type=CompleteUpload)
        return json(await run_in_threadpool(proxy.complete_upload, request.path_params["id"], body))

    async def abort(request: Request) -> Response:
        proxy.abort_upload(request.path_params["id"])
        return json({})

    async def put_bundle(request: Request) -> Response:
        return json(BundleStored(await pump(request.stream(), proxy.bundle_writer(request.path_params["path"]))))

    async def get_bundle(request: Request) -> Response:
        return StreamingResponse(proxy.bundle(request.path_params["path"]))

    async def failed(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, MlflowException)
        return JSONResponse(exc.to_wire(), exc.get_http_status_code())

    return Starlette(
        routes=[
            Route(API, listing),
            Route(f"{API}/{{path:path}}", read, methods=["GET"]),
            Route(f"{API}/{{path:path}}", write, methods=["PUT"]),
            Route(f"{API}/{{path:path}}", delete, methods=["DELETE"]),
            Route(f"{EXTENSION}/features", features),
            Route(f"{EXTENSION}/uploads", create, methods=["POST"]),
            Route(f"{EXTENSION}/uploads/{{id}}", state, methods=["GET"]),
            Route(f"{EXTENSION}/uploads/{{id}}", abort, methods=["DELETE"]),
            Route(f"{EXTENSION}/uploads/{{id}}/parts/{{number:int}}", put_part, methods=["PUT"]),
            Route(f"{EXTENSION}/uploads/{{id}}/complete", complete, methods=["POST"]),
            Route(f"{EXTENSION}/bundle/{{path:path}}", put_bundle, methods=["PUT"]),
            Route(f"{EXTENSION}/bundle/{{path:path}}", get_bundle, methods=["GET"]),
        ],
        exception_handlers={MlflowException: failed},
    )


if __name__ == "__main__":
    port, destination = int(sys.argv[1]), sys.argv[2]
    app = build(destination, Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", http="httptools", loop="uvloop")
