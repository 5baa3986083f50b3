// First the fake, then the shipped page: modules run in import order.
import './fake.ts';
import '../../../renderer/main.tsx';
