export { run } from './run';
export { describeFailure, describeStory, soak } from './report';
export { storyOf } from './storyTeller';
