// Validates exchanges with Prism's router and validator, which are what `prism mock --errors` runs.
// Reads exchanges as JSON lines and writes, for each, `{"request": …, "response": …}`: what Prism
// objects to, null where it objects to nothing.
//
// usage: prism.js DOCUMENT < EXCHANGES > VERDICTS

const readline = require("node:readline");
const { createRequire } = require("node:module");

const load = createRequire(process.env.VALIDATORS_NODE + "/");
const { getHttpOperationsFromSpec } = load("@stoplight/prism-http");
const route = load("@stoplight/prism-http/dist/router").default;
const { validateInput, validateOutput } = load("@stoplight/prism-http/dist/validator");

// The headers of a message by their names in lower case.
function headersOf(message) {
  const headers = {};
  for (const [name, value] of message.headers) {
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return headers;
}

// The body of a message as Prism's server parses it.
function bodyOf(message, headers) {
  if (message.body === "") return undefined;
  const text = Buffer.from(message.body, "base64").toString("utf8").replace(/^\ufeff/, "");
  return /[/+]json\b/.test(headers["content-type"] ?? "") ? JSON.parse(text) : text;
}

function inputOf(request, base) {
  const headers = headersOf(request);
  const url = new URL(request.target, "http://localhost");
  const query = {};
  for (const name of url.searchParams.keys()) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0] : values;
  }
  const path = url.pathname.startsWith(base) ? url.pathname.slice(base.length) || "/" : url.pathname;
  return { method: request.method.toLowerCase(), url: { path, query }, headers, body: bodyOf(request, headers) };
}

function problems(result) {
  if (result._tag !== "Left") return null;
  return result.left.map(({ path, message }) => `${(path ?? []).join(".")}: ${message}`).join("; ");
}

function verdict(operations, exchange) {
  const element = inputOf(exchange.request, exchange.base);
  const routed = route({ resources: operations, input: element });
  if (routed._tag === "Left") return { request: `not routed: ${routed.left.detail ?? routed.left.message}`, response: null };
  const request = problems(validateInput({ resource: routed.right, element }));
  if (!exchange.response) return { request, response: null };
  const headers = headersOf(exchange.response);
  const answered = { statusCode: exchange.response.status, headers, body: bodyOf(exchange.response, headers) };
  return { request, response: problems(validateOutput({ resource: routed.right, element: answered })) };
}

async function main(document) {
  const operations = await getHttpOperationsFromSpec(document);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let found;
    try {
      found = verdict(operations, JSON.parse(line));
    } catch (error) {
      found = { request: `Prism fails: ${String(error.stack).slice(0, 300)}`, response: null };
    }
    console.log(JSON.stringify(found));
  }
}

main(process.argv[2]);
