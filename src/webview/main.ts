import { ClientPage } from './client/clientPage';
import { OperationPage } from './operation/operationPage';
import { startPage } from './startPage';

// The pages that are small. Fleet Overview has a script of its own, because of its charts.
if (document.body.dataset['page'] === 'client') {
  startPage('client', (root, state) => new ClientPage(root, state));
} else {
  startPage('operation', (root, state, deps) => new OperationPage(root, state, deps));
}
