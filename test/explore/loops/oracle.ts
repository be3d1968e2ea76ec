/**
 * The exact answer: every state that a program can reach, and what can become of it. Shares no code with the explorer.
 *
 * How a program can end, on the graph of its states:
 *
 *   outcome    a state in which every actor has ended
 *   deadlock   a state without a next step in which some actors have not ended: they sleep without a time limit
 *   livelock   a state from which no outcome and no deadlock can be reached, nor a step that changes memory or wakes a
 *              sleeper. Memory never changes from there on, and each actor alone goes through a fixed sequence of
 *              states. These are finitely many, so the actor is in a loop whose rounds are all alike: it is held.
 *              Conversely, where every actor that has not ended is held or asleep, no such step can follow.
 *   in vain    like a livelock, but sleepers may still be woken: timed sleeps that a spinning actor interrupts again and
 *              again. This may or may not be called a livelock, since each actor alone is held.
 *   restless   a state from which none of these can be reached: the actors change memory without end. No bounded search
 *              can be complete there.
 */
import { compileActor } from './compile.ts'
import { Machine } from './machine.ts'
import type { Move, State } from './machine.ts'
import type { Program } from './program.ts'

export interface Truth {
  /** In the form of the explorer's keys: the JSON of memory and results. */
  readonly outcomes: ReadonlySet<string>
  readonly deadlock: boolean
  readonly livelock: boolean
  readonly inVain: boolean
  readonly restless: boolean
  readonly states: number
}

/** Returns what can become of the program, or undefined if it has more states than `mostStates`. */
export function truthOf(program: Program, mostStates: number): Truth | undefined {
  const codes = program.actors.map((body) => compileActor(program, body))
  const machine = new Machine(program.memory.length, codes)
  const graph = reach(machine, machine.start(program.memory), mostStates)
  if (graph === undefined) return undefined
  const { states, predecessors, terminal, changing, waking } = graph
  const outcomes = new Set<string>()
  let deadlock = false
  for (const index of terminal) {
    const state = states[index]!
    if (machine.ended(state)) outcomes.add(outcomeOf(machine, state, codes.length))
    else deadlock = true
  }
  const ends = backwards(predecessors, terminal)
  const changes = backwards(predecessors, changing)
  const wakes = backwards(predecessors, waking)
  const still = [...states.keys()].filter((index) => ends[index] === 0 && changes[index] === 0)
  const quiet = still.filter((index) => wakes[index] === 0)
  const settles = backwards(predecessors, [...terminal, ...still])
  return {
    outcomes,
    deadlock,
    livelock: quiet.length > 0,
    inVain: still.length > 0,
    restless: settles.includes(0),
    states: states.length,
  }
}

interface Graph {
  readonly states: readonly State[]
  readonly predecessors: readonly number[][]
  /** The states without a next step. */
  readonly terminal: readonly number[]
  /** The states with a next step that changes memory. */
  readonly changing: readonly number[]
  /** The states with a next step that wakes a sleeper. */
  readonly waking: readonly number[]
}

function reach(machine: Machine, start: State, mostStates: number): Graph | undefined {
  const states: State[] = [start]
  const predecessors: number[][] = [[]]
  const terminal: number[] = []
  const changing: number[] = []
  const waking: number[] = []
  const indices = new Map<string, number>([[start.join(), 0]])
  for (let index = 0; index < states.length; index++) {
    if (states.length > mostStates) return undefined
    const moves: Move[] = machine.moves(states[index]!)
    if (moves.length === 0) terminal.push(index)
    if (moves.some(({ changesMemory }) => changesMemory)) changing.push(index)
    if (moves.some(({ wakes }) => wakes)) waking.push(index)
    for (const { state } of moves) {
      const key = state.join()
      const known = indices.get(key)
      if (known === undefined) {
        indices.set(key, states.length)
        states.push(state)
        predecessors.push([index])
      } else predecessors[known]?.push(index)
    }
  }
  return { states, predecessors, terminal, changing, waking }
}

/** Marks with 1 the states from which one of `goals` can be reached. */
function backwards(predecessors: readonly (readonly number[])[], goals: readonly number[]): Uint8Array {
  const marked = new Uint8Array(predecessors.length)
  const open = [...goals]
  for (const goal of goals) marked[goal] = 1
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const before of predecessors[index]!) {
      if (marked[before] === 1) continue
      marked[before] = 1
      open.push(before)
    }
  }
  return marked
}

function outcomeOf(machine: Machine, state: State, actors: number): string {
  const results = Array.from(
    { length: actors },
    (_, actor) => [`actor${actor}`, machine.results(state, actor)] as const,
  )
  return JSON.stringify([machine.memory(state), Object.fromEntries(results)])
}
