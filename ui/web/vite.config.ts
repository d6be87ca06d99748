import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Everything the page needs is in the bundle: the console's content policy forbids any other origin.
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2020',
    chunkSizeWarningLimit: 1600,
    rollupOptions: { output: { manualChunks: { player: ['hls.js'], widgets: ['antd', 'react', 'react-dom'] } } },
  },
});
