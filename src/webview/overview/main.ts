import { startPage } from '../startPage';
import { OverviewPage } from './overviewPage';

startPage('overview', (root, state, deps) => new OverviewPage(root, state, deps));
