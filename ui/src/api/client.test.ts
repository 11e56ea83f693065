import { expect, it } from "vitest";
import { answer } from "./client.ts";

const failing = (status: number, headers: Record<string, string>) =>
  answer(
    Promise.resolve({
      error: { error_code: "INTERNAL_ERROR", message: "The server failed to answer." },
      response: new Response(null, { status, headers }),
    }),
  );

it("a failure of the server names the request, a refusal says why alone", async () => {
  await expect(failing(500, { "x-request-id": "ab12" })).rejects.toThrow(
    "The server failed to answer. (request ab12)",
  );
  await expect(failing(400, {})).rejects.toThrow(/answer\.$/);
});
