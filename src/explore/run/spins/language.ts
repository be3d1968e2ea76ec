import { evaluate } from './evaluate.ts'
import { execute } from './execute.ts'
import type { Language } from './round.ts'

/** The part of JavaScript that a round can carry out. */
export const LANGUAGE: Language = { evaluate, execute }
