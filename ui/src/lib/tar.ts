/** The files in a tar archive (POSIX.1-2001, pax): names, sizes, contents. */

export interface TarFile {
  path: string;
  content: Uint8Array;
}

const BLOCK = 512;

export function readTar(bytes: Uint8Array): TarFile[] {
  const files: TarFile[] = [];
  let long: string | null = null;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const head = bytes.subarray(at, at + BLOCK);
    const name = text(head.subarray(0, 100));
    if (!name) break;
    const size = Number.parseInt(text(head.subarray(124, 136)).trim(), 8) || 0;
    const kind = String.fromCharCode(head[156] ?? 0);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (kind === "x") long = paxPath(content);
    else if (kind === "L") long = text(content);
    else {
      const prefix = text(head.subarray(345, 500));
      const path = long ?? (prefix && isUstar(head) ? `${prefix}/${name}` : name);
      long = null;
      if (kind === "0" || kind === "\0") files.push({ path, content });
    }
  }
  return files;
}

const isUstar = (head: Uint8Array): boolean => text(head.subarray(257, 263)).startsWith("ustar");

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** `30 path=…\n` among the records of an extended header. */
function paxPath(content: Uint8Array): string | null {
  return /^\d+ path=(.*)$/m.exec(new TextDecoder().decode(content))?.[1] ?? null;
}

export const tooLarge = (): Error => new Error("The archive is too large to be opened here; download it.");

/** What a gzip stream holds; refuses to grow beyond `most` bytes. */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(step.value);
    size += step.value.length;
    if (size > most) {
      await reader.cancel();
      throw tooLarge();
    }
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
