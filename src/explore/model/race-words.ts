/**
 * A data race in words: the same sentence in a result, in a recording and in a report, whichever access came first.
 */
export interface RaceSide {
  /** The actor's number and its name. */
  readonly actor: number
  readonly name: string
  readonly atomic: boolean
  readonly wrote: boolean
  /** The name of the location. */
  readonly location: string
}

/** Names the two accesses of a race: "alice's write and bob's atomic read of count". */
export function raceWords(one: RaceSide, other: RaceSide): string {
  const [first, second] = [one, other].sort(inOrder) as [RaceSide, RaceSide]
  const where = first.location === second.location ? '' : ` of ${first.location}`
  return `${accessWords(first)}${where} and ${accessWords(second)} of ${second.location}`
}

/** The whole sentence: which accesses race, and what makes them a race. */
export function raceSentence(one: RaceSide, other: RaceSide): string {
  const why = one.atomic && other.atomic ? 'not atomic on the same bytes' : 'not both atomic'
  return `${raceWords(one, other)} are unordered, and ${why}`
}

/** By actor, so that the sentence is the same in every schedule. */
function inOrder(one: RaceSide, other: RaceSide): number {
  return one.actor - other.actor
}

function accessWords({ name, atomic, wrote }: RaceSide): string {
  return `${name}'s ${atomic ? 'atomic ' : ''}${wrote ? 'write' : 'read'}`
}
