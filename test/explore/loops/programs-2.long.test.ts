import { testPrograms } from './random.ts'

testPrograms(2, 0.15)
