/** What the explorer replaces for a contract. */
import type { Contract, ContractClass } from '../../contract.ts'
import { otherCopiesOf } from './copies.ts'
import type { CoveredClass } from '../globals/covered-calls.ts'
import type { CoveredMethod, Proved } from '../model/covered-method.ts'

/** Returns the classes of a contract. */
export function classesOf({ of }: Pick<Contract, 'of'>): readonly ContractClass[] {
  return 'prototype' in of ? [of] : of
}

/** Returns the classes of a contract with their methods, and their copies. `proved`: any of these is enough. */
export function coveredClasses(contract: Contract, proved: readonly Proved[]): CoveredClass[] {
  return classesOf(contract).flatMap((each) => {
    const methods = coveredMethods(contract, each, proved)
    return [...otherCopiesOf(each), each].map(({ prototype }) => ({ prototype, methods }))
  })
}

function coveredMethods(contract: Contract, { prototype }: ContractClass, proved: readonly Proved[]): CoveredMethod[] {
  const { name: of, methods, pairs = {}, counted = [], callers = () => Infinity } = contract
  const own = Object.entries(methods).filter(([name]) => name in prototype)
  return own.map(([name, waits]) => {
    return { of, name, waits, pair: pairs[name], counted: counted.includes(name), callers, proved }
  })
}
