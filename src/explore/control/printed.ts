/** What actors print: it is noted by what watches them, and goes nowhere else. */
import { format } from 'node:util'
import type { Controller } from './controller.ts'

/** Notes the arguments of `console.log` and the like as the line that they would print. */
export function notePrinted(controller: Controller, args: readonly unknown[]): void {
  controller.note?.(() => format(...args))
}
