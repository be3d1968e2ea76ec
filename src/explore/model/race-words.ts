/**
 * Describes a data race in words. The sentence in a result, in a recording and in a report is the same, in whichever
 * order the accesses came.
 */

/** One of the two accesses of a data race. */
export interface RaceSide {
  /** The actor's index and its name. */
  readonly actor: number
  readonly name: string
  readonly atomic: boolean
  readonly wrote: boolean
  /** The name of the location. */
  readonly location: string
}

/** Returns the two accesses of a race in words: "alice's write and bob's atomic read of count". */
export function raceWords(one: RaceSide, other: RaceSide): string {
  const [first, second] = [one, other].sort(inOrder) as [RaceSide, RaceSide]
  const where = first.location === second.location ? '' : ` of ${first.location}`
  return `${accessWords(first)}${where} and ${accessWords(second)} of ${second.location}`
}

/** Returns a sentence that says which accesses race, and why they are a race. */
export function raceSentence(one: RaceSide, other: RaceSide): string {
  const why = one.atomic && other.atomic ? 'not atomic on the same bytes' : 'not both atomic'
  return `${raceWords(one, other)} are unordered, and ${why}`
}

/** Sorts by actor, so that the sentence is the same in every schedule. */
function inOrder(one: RaceSide, other: RaceSide): number {
  return one.actor - other.actor
}

function accessWords({ name, atomic, wrote }: RaceSide): string {
  return `${name}'s ${atomic ? 'atomic ' : ''}${wrote ? 'write' : 'read'}`
}
