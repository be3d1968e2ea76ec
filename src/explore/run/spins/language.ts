import { evaluate } from './evaluate.ts'
import { execute } from './execute.ts'
import type { Language } from './round.ts'

/** The part of JavaScript that a prediction can evaluate. */
export const LANGUAGE: Language = { evaluate, execute }
