// Files of the search index: fetched once and decompressed. search/data.json names
// the folder of the present index, whose files never change.
export const ROOT = new URL("../../", import.meta.url);
const POINTER = new URL("search/data.json", ROOT);
const FORMAT = 2;
const MAX_AGE = 300_000; // Milliseconds: after that the site may have been published anew.
const cache = new Map();
let folder = null;
let oldest = 0;

export class MissingFile extends Error {}
export class IndexChanged extends MissingFile {}
export class OutdatedPage extends MissingFile {}

// A script that is loaded when it is needed first: it may be gone if the site has been updated since.
export const loaded = (script) => script.catch(() => {
  throw new OutdatedPage("网站刚刚更新，请刷新本页");
});

async function fetchFile(url, options) {
  const response = await fetch(url, options).catch(() => {
    throw new MissingFile("网络不通");
  });
  if (response.ok) return response;
  throw new MissingFile(`文件 ${url.pathname.split("/").pop()} 读不到（${response.status}）`);
}

async function fetchFolder() {
  const pointer = await (await fetchFile(POINTER, { cache: "no-cache" })).json();
  if (pointer.format !== FORMAT) throw new MissingFile("网站已经更新，请刷新本页");
  return new URL(`${pointer.folder}/`, POINTER);
}

// The folder of the present index.
export function indexFolder() {
  if (!folder) {
    const pending = fetchFolder();
    folder = pending;
    pending.catch(() => {
      if (folder === pending) folder = null;
    });
  }
  return folder;
}

// For browsers that do not decompress themselves: Chromium before 80, Firefox before 113, Safari before 16.4.
async function inflate(compressed) {
  const { unzlibSync } = await import("./fflate.min.js").catch(() => {
    throw new MissingFile("解压用的程序读不到，请刷新本页");
  });
  return new Response(unzlibSync(new Uint8Array(compressed)));
}

async function fetchDecompressed(path, base) {
  const response = await fetchFile(new URL(path, base)).catch(async (error) => {
    throw (await fetchFolder()).href === base.href ? error : new IndexChanged("网站刚刚更新");
  });
  const compressed = await response.arrayBuffer();
  if (!globalThis.DecompressionStream) return inflate(compressed);
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter(); // In one go: a pipe is much slower for such small files.
  for (const pending of [writer.write(compressed), writer.close()]) pending.catch(() => undefined); // Reading reports errors.
  return new Response(stream.readable);
}

function fetchOnce(path, base, read) {
  const key = base.href + path;
  if (!cache.has(key)) {
    if (!cache.size) oldest = performance.now();
    const content = fetchDecompressed(path, base).then(read).catch((error) => {
      cache.delete(key);
      throw error instanceof MissingFile ? error : new MissingFile(`文件 ${path} 不完整`);
    });
    cache.set(key, content);
  }
  return cache.get(key);
}

// `base` is the folder of the index that the caller reads.
export const fetchJson = (path, base) => fetchOnce(path, base, (response) => response.json());
export const fetchBytes = (path, base) => fetchOnce(path, base, async (response) => new Uint8Array(await response.arrayBuffer()));
export function clearFiles() {
  cache.clear();
  folder = null;
}

export const isStale = () => performance.now() - oldest > MAX_AGE;
indexFolder().catch(() => undefined); // At once, because everything else waits for it.
