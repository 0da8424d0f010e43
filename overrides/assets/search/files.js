// The files of the search: fetched once, unpacked by the browser itself.
export const ROOT = new URL("../../", import.meta.url);
const DATA = new URL("search/data/", ROOT);
const LONG = 300_000; // Milliseconds: by then the site may be another.
const fetched = new Map();
let since = 0;

export class Missing extends Error {}

async function unpacked(path) {
  if (!globalThis.DecompressionStream) throw new Missing("浏览器太旧，不能解开压缩的索引");
  let answer;
  try {
    answer = await fetch(new URL(path, DATA), { cache: "no-cache" });
  } catch {
    throw new Missing("网络不通");
  }
  if (!answer.ok) throw new Missing(`文件 ${path} 读不到（${answer.status}）`);
  const [packed, stream] = [await answer.arrayBuffer(), new DecompressionStream("deflate")];
  const writer = stream.writable.getWriter(); // In one go: a pipe takes much longer for files as small.
  for (const written of [writer.write(packed), writer.close()]) written.catch(() => undefined); // Told when read.
  return new Response(stream.readable);
}

function once(path, read) {
  if (!fetched.has(path)) {
    if (!fetched.size) since = performance.now();
    const reading = unpacked(path).then(read).catch((error) => {
      fetched.delete(path);
      throw error instanceof Missing ? error : new Missing(`文件 ${path} 不完整`);
    });
    fetched.set(path, reading);
  }
  return fetched.get(path);
}

export const json = (path) => once(path, (answer) => answer.json());
export const bytes = (path) => once(path, async (answer) => new Uint8Array(await answer.arrayBuffer()));
export const forget = () => fetched.clear();
export const aged = () => performance.now() - since > LONG;
