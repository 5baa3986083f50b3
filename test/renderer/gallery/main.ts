// First the fake, then the very page that ships: modules run in the order in which they are named.
import './fake.ts';
import '../../../renderer/main.tsx';
