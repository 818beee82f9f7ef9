mod make;
