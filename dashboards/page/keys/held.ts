/** A key that is held down is one press: nobody aborts a run, or answers a question, by leaving a finger on Enter. */
export function pressOnce(): void {
  addEventListener(
    'keydown',
    event => {
      const presses = event.key === 'Enter' || event.key === ' ';
      const isButton = event.target instanceof Element && event.target.closest('button, summary') !== null;
      if (event.repeat && presses && isButton) event.preventDefault();
    },
    true,
  );
}
