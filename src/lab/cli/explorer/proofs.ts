/**
 * The proofs of contracts that are known, kept beside the scenario's file. They count as long as nothing has changed that they rest on:
 * the code of all that the process has loaded (the file, what it imports, racelab) and Node.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspectorSession } from '../../../explore/run/inspector.ts'
import type { ProofStore } from '../../../explore/contracts/covering.ts'

/** What the file of proofs holds. */
interface Kept {
  /** A hash of the code. */
  readonly code: string
  /** For each scenario and class, the numbers of threads for which the contract is proved. */
  readonly proved: { readonly [name: string]: readonly number[] }
}

/** Returns the proofs beside a file, for one of the scenarios that it exports. `anew`: whether to prove all of them again. */
export function proofsBeside(target: string, scenario: string, anew: boolean): ProofStore | undefined {
  const path = resolve(target)
  // What stands there belongs to somebody else.
  if (/[\\/]node_modules[\\/]/.test(path)) return undefined
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

/** Returns a hash of Node's version and of all scripts that the process has loaded, without those of Node. */
function codeHash(): string {
  const hash = createHash('sha256').update(process.version)
  const scripts = [...(inspectorSession()?.scripts.values() ?? [])].filter(({ url }) => url.startsWith('file:'))
  for (const each of scripts.map((script) => script.hash).toSorted()) hash.update(each)
  return hash.digest('hex')
}
