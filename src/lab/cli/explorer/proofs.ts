/**
 * Keeps the proofs of contracts beside the scenario's file. They count until something changes that they rest on: the code that
 * the process has loaded (the file, what it imports, racelab), or Node.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { inspectorSession } from '../../../explore/run/inspector.ts'
import type { ProofStore } from '../../../explore/contracts/covering.ts'

/** What the file of proofs holds. */
interface Kept {
  /** A hash of the code. */
  readonly code: string
  /** For each scenario and class, the numbers of threads for which racelab has proved the contract. */
  readonly proved: { readonly [name: string]: readonly number[] }
}

/** Returns the proofs beside a file, for one of the scenarios that it exports. `anew`: whether to prove all of them again. */
export function proofsBeside(target: string, scenario: string, anew: boolean): ProofStore | undefined {
  const path = resolve(target)
  // What stands there belongs to other packages. Without an inspector, racelab cannot know whether the code has changed.
  if (/[\\/]node_modules[\\/]/.test(path) || inspectorSession() === undefined) return undefined
  const file = `${path}.proofs.json`
  const nameOf = (of: string): string => `${scenario} ${of}`
  return {
    has: (of, threads) => !anew && read(file).proved[nameOf(of)]?.includes(threads) === true,
    add(of, threads) {
      const { proved } = read(file)
      const all = new Set([...(proved[nameOf(of)] ?? []), threads])
      write(file, {
        code: codeHash(),
        proved: { ...proved, [nameOf(of)]: [...all].toSorted((one, other) => one - other) },
      })
    },
  }
}

function read(file: string): Kept {
  const none: Kept = { code: codeHash(), proved: {} }
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept
    return kept.code === none.code ? kept : none
  } catch {
    return none
  }
}

/** Without a place for it, the proof is made again the next time. */
function write(file: string, kept: Kept): void {
  try {
    writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`)
  } catch {}
}

/** Returns a hash of Node's version and of all scripts that the process has loaded, without those of Node and of racelab's packages. */
function codeHash(): string {
  const hash = createHash('sha256').update(process.version)
  const scripts = [...(inspectorSession()?.scripts.values() ?? [])].filter(({ url }) => isCode(url))
  for (const each of scripts.map((script) => script.hash).toSorted()) hash.update(each)
  return hash.digest('hex')
}

/** Which of its packages racelab has loaded so far differs from run to run; in a checkout, it also runs bundles of its own code. */
function isCode(url: string): boolean {
  if (!url.startsWith('file:')) return false
  return !url.startsWith(PACKAGES) || url.startsWith(`${PACKAGES}.cache/`)
}

const PACKAGES = new URL('node_modules/', pathToFileURL(`${ownFolder(dirname(fileURLToPath(import.meta.url)))}/`)).href

/** Returns the folder of racelab's package around a folder. */
function ownFolder(folder: string): string {
  const above = dirname(folder)
  return above === folder || isOwn(join(folder, 'package.json')) ? folder : ownFolder(above)
}

function isOwn(file: string): boolean {
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'racelab'
}
