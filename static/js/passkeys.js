/* Says in words when the browser hands over no key; the ceremony itself is allauth's script. */
document.addEventListener("allauth.error", function (event) {
  const problem = document.getElementById("passkey-problem");
  if (problem) {
    event.preventDefault();
    problem.hidden = false;
  }
});
