/** The thread of a bench: as the lab's, and it knows the benches' own loads beside the bugs'. */
import { findBug } from '../../src/lab/lessons/index.ts'
import { attend } from '../../src/stress/attend.ts'
import type { Attendance, Task } from '../../src/stress/task.ts'
import { loads } from '../loads/index.ts'

export default function work(task: Task): Attendance {
  return attend(loads.get(task.bug) ?? findBug(task.bug).load, task)
}

export { muster } from '../../src/stress/muster.ts'
