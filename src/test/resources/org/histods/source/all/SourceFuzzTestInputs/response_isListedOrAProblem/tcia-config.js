tcia
window.config = {
  api_url: '/aspera/faspex/api/v5',
  client_id: "ff9aa63a-72e1-436f-82ef-5677eb1f7aee",
  redirect_uri: '/aspera/faspex/token',
};
