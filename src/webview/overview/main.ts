import { startPage } from '../startPage';
import { OverviewPage } from './overviewPage';

startPage('overview', (deps) => new OverviewPage(deps));
