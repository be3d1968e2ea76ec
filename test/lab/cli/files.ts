/** Scenario files for the command, in a temporary folder. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * An increment of word 0, as an actor. Each of two actors reads, waits for the other at word 1, and writes: one increment is
 * lost for certain. `MEETING` is the line before the scenario that it needs.
 */
export const LOSING =
  '(words) => { const read = Atomics.load(words, 0); meet(words); Atomics.store(words, 0, read + 1) }'
export const MEETING =
  'const meet = (words) => { if (Atomics.add(words, 1, 1) === 1) Atomics.notify(words, 1); else Atomics.wait(words, 1, 1) }'

/** A temporary folder, and the files that a test writes there. */
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

  /**
   * Writes a scenario of two words and two actors. `parts` replaces parts of it, and `before` is put before it. Returns
   * the path.
   */
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
