import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/**
 * The files of the packaged extension by their names in the package, unpacked.
 *
 * @throws Error when there is no package, or it is no zip archive
 */
export async function readPackage(): Promise<ReadonlyMap<string, Buffer>> {
  const { packageFile } = await import('../../../scripts/package.mjs');
  return unzip(readFileSync(packageFile()));
}

/** Reads the archive's own list, which is at its end: the name, the method and the offset of each file. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('The package is no zip archive.');
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [archive.readUInt16LE(at + 10), archive.readUInt32LE(at + 20)];
    const [nameLength, extraLength] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30)];
    const [commentLength, place] = [archive.readUInt16LE(at + 32), archive.readUInt32LE(at + 42)];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const data = place + 30 + archive.readUInt16LE(place + 26) + archive.readUInt16LE(place + 28);
    const packed = archive.subarray(data, data + size);
    files.set(name, method === 0 ? packed : inflateRawSync(packed));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}
