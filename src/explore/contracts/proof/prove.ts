/** Proves a contract, for each of its clients. */
import type { Contract } from '../../../contract.ts'
import { replaceCoveredMethods } from '../../globals/covered-calls.ts'
import { withGlobalsReplaced } from '../../globals/install.ts'
import { Refusal } from '../../model/refusal.ts'
import { closeSessionSoon } from '../../run/inspector.ts'
import { classesOf, coveredClasses } from '../covered-class.ts'
import { ClientCalls } from './client-calls.ts'
import { ClientSearch } from './client-search.ts'
import type { Proof, ProofOptions } from './proof.ts'

const EVERYTHING = [{ threads: Infinity, calls: Infinity }]

/** Proves or refutes a contract for a number of threads. */
export function prove(contract: Contract, options: ProofOptions): Proof {
  try {
    return withGlobalsReplaced(() => proveCovered(contract, options))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'unknown', message: error.message }
  } finally {
    closeSessionSoon()
  }
}

function proveCovered(contract: Contract, options: ProofOptions): Proof {
  const methods = methodsOf(contract)
  const own = coveredClasses(contract, EVERYTHING)
  const others = (options.others ?? []).flatMap((each) => coveredClasses(each, EVERYTHING))
  const uncover = replaceCoveredMethods([...own, ...others])
  try {
    return proveFor(contract, options, methods, new ClientCalls(own))
  } finally {
    uncover()
  }
}

/** An object may be for fewer threads than the scenario has, as a barrier is, so there is a proof for each number. */
function proveFor(contract: Contract, options: ProofOptions, methods: readonly object[], calls: ClientCalls): Proof {
  let states = 0
  for (let threads = 1; threads <= options.threads; threads++) {
    calls.forget()
    for (const client of contract.clients(threads)) {
      const proof = new ClientSearch(contract, client, { ...options, threads }, methods, calls).run()
      if (proof.kind !== 'proved') return proof
      states += proof.states
    }
  }
  if (calls.uncalled === undefined) return { kind: 'proved', states }
  return { kind: 'unknown', message: `no client calls ${calls.uncalled.name}` }
}

/** Returns the covered methods as they are. */
function methodsOf(contract: Contract): object[] {
  const names = Object.keys(contract.methods)
  return classesOf(contract)
    .flatMap(({ prototype }) => names.map((name) => Reflect.get(prototype, name) as object))
    .filter(Boolean)
}
