"""Calls an endpoint with the unmodified Python clients: clients.check.py URL MODEL TOKEN FEATURES; prints one line of JSON.

Needs tritonclient[http] and kserve (any recent version).
"""

import asyncio
import json
import sys

import numpy as np
import tritonclient.http as triton
from kserve import InferInput, InferRequest, InferenceRESTClient, RESTConfig


def with_triton(url, model, token, rows):
    client = triton.InferenceServerClient(url.removeprefix("http://"))
    tensor = triton.InferInput("features", list(rows.shape), "FP32")
    tensor.set_data_from_numpy(rows, binary_data=False)
    wanted = triton.InferRequestedOutput("probabilities", binary_data=False)
    headers = {"authorization": f"Bearer {token}"}
    answer = client.infer(
        model, [tensor], outputs=[wanted], request_id="triton-1", headers=headers, parameters={"feature_time": "1,2"}
    )
    refused = None
    try:
        client.infer(model, [tensor], outputs=[wanted])
    except triton.InferenceServerException as error:
        refused = error.message()
    return {
        "live": client.is_server_live(),
        "ready": client.is_server_ready() and client.is_model_ready(model, "1"),
        "inputs": client.get_model_metadata(model)["inputs"],
        "id": answer.get_response()["id"],
        "scores": answer.as_numpy("probabilities").tolist(),
        "refused": refused,
    }


async def with_kserve(url, model, token, rows):
    client = InferenceRESTClient(RESTConfig(protocol="v2"))
    tensor = InferInput("features", list(rows.shape), "FP32")
    tensor.set_data_from_numpy(rows, binary_data=False)
    request = InferRequest(model, [tensor], request_id="kserve-1", parameters={"feature_time": "1,2"})
    answer = await client.infer(url, request, headers={"authorization": f"Bearer {token}"}, model_name=model)
    return {
        "live": await client.is_server_live(url),
        "ready": await client.is_server_ready(url) and await client.is_model_ready(url, model),
        "id": answer.id,
        "scores": answer.outputs[0].as_numpy().tolist(),
    }


def main():
    url, model, token, features = sys.argv[1:]
    rows = np.arange(2 * int(features), dtype=np.float32).reshape(2, -1)
    result = {"triton": with_triton(url, model, token, rows), "kserve": asyncio.run(with_kserve(url, model, token, rows))}
    print(json.dumps(result))


main()
