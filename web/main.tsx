import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './ui/ui.css';
import { App } from './App.tsx';
import { queryClient } from './api/queries.ts';
import { Boundary } from './ui/Boundary.tsx';

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Boundary>
        <QueryClientProvider client={queryClient}>
          <App />
        </QueryClientProvider>
      </Boundary>
    </StrictMode>,
  );
