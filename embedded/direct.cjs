// Preload of the web process. Development accounts work only for requests that come straight from this machine, and that can only be
// decided before Next sees a request: Next itself adds x-forwarded-* headers. A direct request gets the header x-proviso-direct with
// the secret of DIRECT_SECRET; nobody else can know it, and what a client sends under that name is taken away.
// Also here, because Next answers it with a bare 500: an address that is no percent-encoded UTF-8 is refused.
const http = require("node:http");

const MARK = "x-proviso-direct";
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** What proxies add. One of them is enough: the request came from elsewhere. */
const FORWARDING = /^(x-forwarded-.*|forwarded|via|x-real-ip|cf-.*|true-client-ip)$/;

function isDirect(req) {
  const hosts = req.headersDistinct.host ?? [];
  return (
    hosts.length === 1 &&
    LOOPBACK_HOST.test(hosts[0]) &&
    LOOPBACK_ADDRESS.test(req.socket.remoteAddress ?? "") &&
    !Object.keys(req.headers).some((name) => FORWARDING.test(name))
  );
}

/** Node keeps a request's headers in three shapes: all of them lose what the client sent, and get what we say. */
function mark(req, secret) {
  // Node derives the first two from the third when they are first read: read them before it gets shorter.
  const { headers, headersDistinct, rawHeaders } = req;
  delete headers[MARK];
  delete headersDistinct[MARK];
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at].toLowerCase() === MARK) rawHeaders.splice(at, 2);
  }
  if (!secret || !isDirect(req)) return;
  headers[MARK] = secret;
  headersDistinct[MARK] = [secret];
  rawHeaders.push(MARK, secret);
}

function isDecodable(address) {
  try {
    decodeURIComponent(address.split("?", 1)[0]);
    return true;
  } catch {
    return false;
  }
}

function refuseAddress(res) {
  const detail = "The address is not percent-encoded UTF-8.";
  const problem = { type: "urn:proviso:error:invalid", title: "invalid", status: 400, code: "invalid", detail };
  res.writeHead(400, { "content-type": "application/problem+json", connection: "close" }).end(JSON.stringify(problem));
}

const emit = http.Server.prototype.emit;

http.Server.prototype.emit = function emitMarked(event, ...args) {
  // "request", "upgrade", "checkContinue", "checkExpectation", "connect": whatever brings a request in.
  if (args[0] instanceof http.IncomingMessage) mark(args[0], process.env.DIRECT_SECRET);
  if (event === "request" && !isDecodable(args[0].url)) {
    refuseAddress(args[1]);
    return true;
  }
  return emit.call(this, event, ...args);
};
