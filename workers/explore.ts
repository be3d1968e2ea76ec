/** The entry of the explorer's process: takes its task from the command line. */
import type { ProcessTask } from '../src/lab/cli/explorer/messages.ts'
import { perform } from '../src/lab/cli/explorer/process.ts'

// Not awaited: otherwise stacks would contain this line, and it would be reported as a line of the scenario.
void perform(JSON.parse(process.argv[2] ?? '') as ProcessTask)
