/** What the explorer replaces for a contract. */
import type { Contract, ContractClass } from '../../contract.ts'
import { otherCopiesOf } from './copies.ts'
import type { CoveredClass } from '../globals/covered-calls.ts'
import type { Proved } from '../model/covered-method.ts'

/** Returns the classes of a contract. */
export function classesOf({ of }: Pick<Contract, 'of'>): readonly ContractClass[] {
  return 'prototype' in of ? [of] : of
}

/** Returns the class of a contract with its methods, and its copies. `proved`: any of these is enough. */
export function coveredClasses(contract: Contract, proved: readonly Proved[]): CoveredClass[] {
  const { name: className, methods, pairs = {}, counted = [], callers = () => Infinity } = contract
  const covered = Object.entries(methods).map(([name, waits]) => {
    return { of: className, name, waits, pair: pairs[name], counted: counted.includes(name), callers, proved }
  })
  const all = classesOf(contract).flatMap((each) => otherCopiesOf(each).concat(each))
  return all.map(({ prototype }) => ({ prototype, methods: covered.filter((method) => method.name in prototype) }))
}
