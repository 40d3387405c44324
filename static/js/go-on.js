// What is under way goes on by itself: presses the button that everybody else presses.
document.getElementById("go-on-form")?.requestSubmit();
