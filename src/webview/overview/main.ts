import { startPage } from '../startPage';
import { OverviewPage } from './overviewPage';

startPage('overview', (root, state) => new OverviewPage(root, state));
