import { createServer } from "node:net";

/**
 * A loopback port that nothing listens on: the wanted one, or any.
 * @param {number} [wanted]
 * @returns {Promise<number>} rejects with EADDRINUSE when the wanted one is taken
 */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once("error", reject)
      .listen(wanted, "127.0.0.1", () => {
        const address = server.address();
        const port = address && typeof address === "object" ? address.port : 0;
        server.close(() => resolve(port));
      });
  });
}

/**
 * Whether a server could listen on this loopback port now.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isFree(port) {
  return freePort(port).then(
    () => true,
    () => false,
  );
}
