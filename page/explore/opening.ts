/** What is shown first: what the address says, or the first example. */
import { EXAMPLES, exampleOf } from '../examples/index.ts'
import { AddressError, unpacked } from './address.ts'
import type { Goal } from './exploring.ts'

export interface Opening {
  readonly code: string
  /** The example that the code is; undefined if it is the reader's own. */
  readonly example: string | undefined
  /** Whether the code came in the address: then somebody else may have written it. */
  readonly isForeign: boolean
  readonly scenario: string | undefined
  readonly goal: Goal
  /** What of the address cannot be read. */
  readonly remark: string | undefined
}

export async function openingOf(state: URLSearchParams): Promise<Opening> {
  const goal = { token: state.get('token') ?? undefined, step: stepIn(state.get('step')) }
  const scenario = state.get('scenario') ?? undefined
  const code = state.get('code')
  if (code !== null) {
    try {
      return { code: await unpacked(code), example: undefined, isForeign: true, scenario, goal, remark: undefined }
    } catch (error) {
      return firstWith((error as AddressError).message)
    }
  }
  const name = state.get('example')
  if (name === null) return firstWith(undefined)
  const example = exampleOf(name)
  if (example === undefined) return firstWith(`There is no example "${name}".`)
  return { code: example.code, example: name, isForeign: false, scenario, goal, remark: undefined }
}

function firstWith(remark: string | undefined): Opening {
  const { code, name } = EXAMPLES[0]!
  const shown = remark === undefined ? undefined : `${remark} The first example is shown instead.`
  return { code, example: name, isForeign: false, scenario: undefined, goal: {}, remark: shown }
}

function stepIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined
}
