/** A copy of this checkout, in which a mutant can be planted while the checkout itself stays as it is. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What npm and git put into a checkout: no test reads it. The packages are linked. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage'])

/** What the tests make of a mutant. A mutant that makes them hang is found too. */
export type Verdict = 'found' | 'survived' | 'timed out'

export interface Ran {
  readonly verdict: Verdict
  readonly output: string
  readonly seconds: number
}

export class Checkout {
  readonly #folder = mkdtempSync(join(tmpdir(), 'racelab-mutants-'))
  #running: ChildProcess | undefined

  constructor() {
    const filter = (path: string): boolean => !LEFT_OUT.has(basename(path))
    for (const name of readdirSync(root).filter(filter))
      cpSync(join(root, name), join(this.#folder, name), { recursive: true, filter })
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'))
  }

  /** Plants the mutant, judges it, and takes it out again. */
  async run({ file, from, to, text }: Mutant, judge: readonly string[], seconds: number): Promise<Ran> {
    const path = join(this.#folder, file)
    const source = readFileSync(path, 'utf8')
    if (source.slice(from, to) === text) throw new Error(`The mutant changes nothing: ${text}`)
    writeFileSync(path, source.slice(0, from) + text + source.slice(to))
    try {
      return await this.judge(judge, seconds)
    } finally {
      writeFileSync(path, source)
    }
  }

  /** Runs a script of the checkout with these arguments. A mutant survives if the script exits with 0, or with 3 for undecided. */
  judge([script = '', ...args]: readonly string[], seconds: number): Promise<Ran> {
    const began = Date.now()
    // A process group of its own, so that the test processes end with it.
    const child = spawn(process.execPath, ['--import', 'tsx', join(this.#folder, script), ...args], {
      cwd: this.#folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#running = child
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    return new Promise((resolve, reject) => {
      const ran = (verdict: Verdict): Ran => ({ verdict, output, seconds: (Date.now() - began) / 1000 })
      const timer = setTimeout(() => {
        this.#stop()
        resolve(ran('timed out'))
      }, seconds * 1000)
      child.once('error', reject).once('close', (code) => {
        clearTimeout(timer)
        this.#running = undefined
        resolve(ran(code === 0 || code === 3 ? 'survived' : 'found'))
      })
    })
  }

  /** Ends the script that runs, and the processes that it has started. */
  #stop(): void {
    if (this.#running) process.kill(-this.#running.pid!, 'SIGKILL')
  }

  /** Removes the copy. If a script runs in it, ends that first. */
  remove(): void {
    this.#stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
