/**
 * What an exploration has learnt about its assumptions, as plain data: where actors read atomically and the order of sleepers matters,
 * and where the exploration has relied on the opposite. Addresses are those of one scenario in any thread.
 */
import { usesContradict, usesTogether } from './uses.ts'
import type { KnownUses } from './uses.ts'

export interface Learnt {
  readonly readAtomically: readonly number[]
  readonly takenForSilent: readonly number[]
  readonly orderMatters: readonly number[]
  readonly orderReliedOn: readonly number[]
  /** How the objects are used that contracts cover. */
  readonly uses: KnownUses
}

/** Whether what one search has learnt shows that the other has relied on something wrong. */
export function contradict(one: Learnt, other: Learnt): boolean {
  return disproves(one, other) || disproves(other, one) || usesContradict(one.uses, other.uses)
}

function disproves(one: Learnt, other: Learnt): boolean {
  return meet(one.readAtomically, other.takenForSilent) || meet(one.orderMatters, other.orderReliedOn)
}

function meet(some: readonly number[], others: readonly number[]): boolean {
  return others.length > 0 && some.some((each) => others.includes(each))
}

/** Returns what two searches have learnt together. */
export function learntTogether(one: Learnt, other: Learnt): Learnt {
  return {
    readAtomically: union(one.readAtomically, other.readAtomically),
    takenForSilent: union(one.takenForSilent, other.takenForSilent),
    orderMatters: union(one.orderMatters, other.orderMatters),
    orderReliedOn: union(one.orderReliedOn, other.orderReliedOn),
    uses: usesTogether(one.uses, other.uses),
  }
}

function union(some: readonly number[], others: readonly number[]): readonly number[] {
  const fresh = others.filter((each) => !some.includes(each))
  return fresh.length === 0 ? some : [...some, ...fresh]
}

/** Makes a set have these elements only. */
export function replaceAll(set: Set<number>, elements: readonly number[]): void {
  set.clear()
  for (const each of elements) set.add(each)
}
