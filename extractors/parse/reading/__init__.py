"""A page's tree -> the lines of its article by one cheap reading, and how surely they are the article."""
