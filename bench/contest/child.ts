/** The process of a contestant that needs a flag: `node --flag child <contestant> <setting> <thread file>`. */
import { createInterface } from 'node:readline'
import type { Setting } from '../peers/contestant.ts'
import { contestantNamed } from '../peers/index.ts'
import type { Order } from './entrant.ts'
import { makeIds } from './ids.ts'
import { enterOnThreads } from './on-threads.ts'

const [name, settingText, file] = process.argv.slice(2) as [string, string, string]
const setting = JSON.parse(settingText) as Setting
const entrant = await enterOnThreads(contestantNamed(name), setting, makeIds(setting.sessions), file)
say('ready')
for await (const line of createInterface(process.stdin)) {
  const order = JSON.parse(line) as Order
  say(order === 'check' ? await entrant.check() : await entrant.turn(order.turn))
}
await entrant.close()

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
