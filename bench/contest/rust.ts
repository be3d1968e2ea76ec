/** The Rust program of the contests. It is compiled when there is a compiler. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Rust {
  readonly version: string
  readonly program: string
  /** Removes the temporary folder. */
  remove(): void
}

/** Compiles the program into a temporary folder. Returns undefined when there is no rustc on the PATH. */
export function compileRust(): Rust | undefined {
  const { stdout } = spawnSync('rustc', ['--version'], { encoding: 'utf8' })
  const version = /^rustc (\S+)/.exec(stdout ?? '')?.[1]
  if (version === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'racelab-rust-'))
  const program = join(folder, 'main')
  const source = resolve('bench/rust/main.rs')
  execFileSync('rustc', ['-O', '--edition', '2021', '-o', program, source], { stdio: 'pipe' })
  return { version, program, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
