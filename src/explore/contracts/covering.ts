/** Which classes contracts cover in an exploration: racelab's own, and those of the scenario once their contracts are proved. */
import { BUILT_IN } from '../../contracts/index.ts'
import type { Contract } from '../../contract.ts'
import { RacelabError } from '../../errors.ts'
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import type { CoveredClass } from '../globals/covered-calls.ts'
import { Refusal } from '../model/refusal.ts'
import { coveredClasses } from './covered-class.ts'
import { prove } from './proof/prove.ts'
import type { Proof } from './proof/proof.ts'

/** A contract does not hold: a schedule of its client breaks it. */
export class BrokenContractError extends RacelabError {
  readonly code = 'ERR_RACELAB_BROKEN_CONTRACT'
}

/** Where proofs are kept. */
export interface ProofStore {
  /** Whether a proof is known for a number of threads. `what`: the name of the contract, and of those that it may rely on. */
  has(what: string, threads: number): boolean
  add(what: string, threads: number): void
}

/** What contracts cover. */
export interface Covering {
  readonly classes: readonly CoveredClass[]
  /** The names of the scenario's own contracts that are used; undefined if no contract is used at all. */
  readonly own: readonly string[] | undefined
  /** Why a contract of the scenario is not used, by the name of its class. */
  readonly unproved: ReadonlyMap<string, string>
}

export const NOTHING_COVERED: Covering = { classes: [], own: undefined, unproved: new Map() }

/** What was proved in this process, for a number of threads and beside other contracts. */
const known = new WeakMap<Contract, Map<string, Proof>>()

/** Returns what contracts cover. Proves those of the scenario that are not known to hold. Throws BrokenContractError. */
export function coveringOf(
  scenario: Scenario | OperationsScenario,
  store: ProofStore | undefined,
  isTimeUp: () => boolean,
): Covering {
  checkNames(scenario)
  const unproved = new Map<string, string>()
  let { contracts: own = [] } = scenario
  let asked: readonly Contract[]
  do {
    asked = own
    own = asked.filter((contract) => {
      const proof = proofOf(contract, asked, threadsOf(scenario), store, isTimeUp)
      if (proof.kind === 'refuted') throw brokenContract(contract, proof)
      if (proof.kind === 'unknown') unproved.set(contract.name, proof.message)
      return proof.kind === 'proved'
    })
    // A proof takes the calls of the other classes for steps. So if one has failed, the others are to be proved without it.
  } while (own.length < asked.length)
  const names = own.map(({ name }) => name)
  return { classes: coveredWith(scenario, names), own: names, unproved }
}

/** Throws Refusal if two contracts have one name, for a class is known by it. */
function checkNames({ contracts = [] }: Scenario | OperationsScenario): void {
  const names = new Set(BUILT_IN.map(({ contract }) => contract.name))
  for (const { name } of contracts) {
    if (names.has(name)) throw new Refusal(`There are two contracts with the name ${name}: give one another name.`)
    names.add(name)
  }
}

/** Returns the classes that contracts cover, given the names of the scenario's own contracts that are proved. */
export function coveredWith(
  scenario: Scenario | OperationsScenario,
  own: readonly string[] | undefined,
): readonly CoveredClass[] {
  if (own === undefined) return []
  const { contracts = [] } = scenario
  const threads = threadsOf(scenario)
  const builtIn = BUILT_IN.flatMap(({ contract, proved }) => coveredClasses(contract, proved))
  const proved = contracts.filter(({ name }) => own.includes(name))
  return [
    ...builtIn,
    ...proved.flatMap((contract) => coveredClasses(contract, [{ threads, calls: callsOf(contract) }])),
  ]
}

function threadsOf(scenario: Scenario | OperationsScenario): number {
  return hasOperations(scenario) ? (scenario.threads ?? 2) : Object.keys(scenario.actors).length
}

function callsOf({ counted, calls = 2 }: Contract): number {
  return counted === undefined ? Infinity : calls
}

/** Returns the classes of these names that have a contract, with everything covered. */
export function classesNamed(
  names: readonly string[],
  { contracts = [] }: Scenario | OperationsScenario,
): CoveredClass[] {
  const all = [...BUILT_IN.map(({ contract }) => contract), ...contracts]
  const named = all.filter(({ name }) => names.includes(name))
  return named.flatMap((contract) => coveredClasses(contract, [{ threads: Infinity, calls: Infinity }]))
}

/** Proves a contract of the scenario, unless it is known to hold; `all`: those that are covered if they hold. */
function proofOf(
  contract: Contract,
  all: readonly Contract[],
  threads: number,
  store: ProofStore | undefined,
  isTimeUp: () => boolean,
): Proof {
  const others = all.filter((each) => each !== contract)
  const what = [contract, ...others].map(({ name }) => name).join(' beside ')
  if (store?.has(what, threads) === true) return { kind: 'proved', states: 0 }
  const before = known.get(contract) ?? new Map<string, Proof>()
  known.set(contract, before)
  const key = `${threads} ${what}`
  const builtIn = BUILT_IN.map((each) => each.contract)
  const proof = before.get(key) ?? prove(contract, { threads, isTimeUp, others: [...builtIn, ...others] })
  if (proof.kind !== 'unknown') before.set(key, proof)
  if (proof.kind === 'proved') store?.add(what, threads)
  return proof
}

function brokenContract(
  { name }: Contract,
  { message, schedule }: Extract<Proof, { kind: 'refuted' }>,
): BrokenContractError {
  const lines = schedule.map((line, index) => `  ${String(index + 1).padStart(2)}  ${line}`)
  return new BrokenContractError(`The contract of ${name} does not hold: ${message}.\n${lines.join('\n')}`)
}
