/** Scenario files for the command, in a folder of their own. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class Files {
  readonly folder = mkdtempSync(join(tmpdir(), 'racelab-test-'))

  constructor() {
    this.write('package.json', '{ "type": "module" }')
  }

  write(name: string, text: string): string {
    const file = join(this.folder, name)
    writeFileSync(file, text)
    return file
  }

  /** A scenario of two words and one actor; each part can be replaced, and lines can stand before it. */
  scenario(name: string, parts: Readonly<Record<string, string>> = {}, before: string = ''): string {
    const all = {
      name: JSON.stringify(name),
      memory: '() => new Int32Array(new SharedArrayBuffer(8))',
      actors: '{ alice: (words) => { Atomics.store(words, 0, 1) }, bob: (words) => Atomics.load(words, 0) }',
      ...parts,
    }
    const lines = Object.entries(all).map(([key, value]) => `  ${key}: ${value},`)
    return this.write(name, `${before}\nexport default {\n${lines.join('\n')}\n}\n`)
  }
}
