// Tapping a demo sign-in writes its name, so that only the password is left to type.

for (const chip of document.querySelectorAll("[data-login]")) {
  chip.addEventListener("click", () => {
    document.getElementById("login").value = chip.dataset.login;
    document.getElementById("password").focus();
  });
}
