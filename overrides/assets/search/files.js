// Files of the search index: fetched once, decompressed by the browser itself.
export const ROOT = new URL("../../", import.meta.url);
const DATA = new URL("search/data/", ROOT);
const MAX_AGE = 300_000; // Milliseconds: after that the site may have been published anew.
const cache = new Map();
let oldest = 0;

export class MissingFile extends Error {}

async function fetchDecompressed(path) {
  if (!globalThis.DecompressionStream) throw new MissingFile("浏览器太旧，不能解开压缩的索引");
  let response;
  try {
    response = await fetch(new URL(path, DATA), { cache: "no-cache" });
  } catch {
    throw new MissingFile("网络不通");
  }
  if (!response.ok) throw new MissingFile(`文件 ${path} 读不到（${response.status}）`);
  const [compressed, stream] = [await response.arrayBuffer(), new DecompressionStream("deflate")];
  const writer = stream.writable.getWriter(); // In one go: a pipe is much slower for such small files.
  for (const pending of [writer.write(compressed), writer.close()]) pending.catch(() => undefined); // Reading reports errors.
  return new Response(stream.readable);
}

function fetchOnce(path, read) {
  if (!cache.has(path)) {
    if (!cache.size) oldest = performance.now();
    const content = fetchDecompressed(path).then(read).catch((error) => {
      cache.delete(path);
      throw error instanceof MissingFile ? error : new MissingFile(`文件 ${path} 不完整`);
    });
    cache.set(path, content);
  }
  return cache.get(path);
}

export const fetchJson = (path) => fetchOnce(path, (response) => response.json());
export const fetchBytes = (path) => fetchOnce(path, async (response) => new Uint8Array(await response.arrayBuffer()));
export const clearFiles = () => cache.clear();
export const isStale = () => performance.now() - oldest > MAX_AGE;
