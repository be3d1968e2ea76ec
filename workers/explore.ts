/** The process that explores: takes its task from the command line. */
import type { Task } from '../src/lab/cli/explorer/messages.ts'
import { perform } from '../src/lab/cli/explorer/process.ts'

// Not awaited: a stack that names this line would name it as the scenario's.
void perform(JSON.parse(process.argv[2] ?? '') as Task)
