import './page.css';
import { ClientPage } from './client/clientPage';
import { OperationPage } from './operation/operationPage';
import { startPage } from './startPage';

// The pages that are small. Fleet Overview has a script of its own, because of its charts.
if (document.body.dataset['page'] === 'client') {
  startPage('client', (deps) => new ClientPage(deps));
} else {
  startPage('operation', (deps) => new OperationPage(deps));
}
